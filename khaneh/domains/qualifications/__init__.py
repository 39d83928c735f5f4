"""What people are trusted with: qualifications, earned by a course or an assessment, honoured in every house, lost by date or by disuse."""
