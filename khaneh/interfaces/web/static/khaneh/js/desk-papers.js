// Paper: a slip or receipt is fetched into the page and printed from it, so that the desk stays as it is. Without this its link opens it.
export async function printed(address) {
  const answer = await fetch(address, { redirect: "manual" });
  if (!answer.ok) return location.assign(address);
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".papers");
  if (!found) return location.assign(address);
  const sheet = document.createElement("div");
  sheet.className = "paper-only";
  sheet.append(document.adoptNode(found));
  document.body.append(sheet);
  await document.fonts.ready;
  // Some browsers print later and say so, others block here until it is done.
  addEventListener("afterprint", () => sheet.remove(), { once: true });
  window.print();
}

for (const button of document.querySelectorAll("[data-print-here]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
