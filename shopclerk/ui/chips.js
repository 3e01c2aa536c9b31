// A click on a button that carries a value or a number says which.
element.addEventListener('click', (event) => {
  const chip = event.target.closest('button[data-value], button[data-number]');
  if (chip) trigger('select', { value: chip.dataset.value ?? null, number: Number(chip.dataset.number ?? -1) });
});
