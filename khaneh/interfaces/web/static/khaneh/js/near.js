// "Nearest to me": the position goes into the address of the list and nowhere else.
for (const button of document.querySelectorAll("[data-near]")) {
  if (!navigator.geolocation) continue;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const url = new URL(location.href);
        url.searchParams.set("near", `${coords.latitude.toFixed(3)},${coords.longitude.toFixed(3)}`);
        url.searchParams.delete("page");
        location.assign(url);
      },
      () => { button.disabled = false; },
      { maximumAge: 600000, timeout: 10000 },
    );
  });
}
