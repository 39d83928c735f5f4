// Questions that are asked only if another was answered so are hidden until it was. What stands in them stays, and the server judges anew
// which of them were asked.
export function onlyIf(form) {
  const questions = [...form.querySelectorAll("[data-only-if]")];
  if (!questions.length) return;
  const show = () => {
    for (const one of questions) {
      const others = [...form.elements].filter((field) => field.name === one.dataset.onlyIf);
      const codes = one.dataset.onlyCodes.split(" ");
      const asked = others.some((field) => !field.closest("[data-only-if][hidden]") && field.checked && codes.includes(field.value));
      one.hidden = !asked;
      one.classList.toggle("only-if--asked", asked);
    }
  };
  show();
  form.addEventListener("change", show);
  form.addEventListener("khaneh:written", show);
}
