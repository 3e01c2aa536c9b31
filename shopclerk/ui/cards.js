// A click on a card, by mouse or keyboard, says which product it is.
element.addEventListener('click', (event) => {
  const card = event.target.closest('[data-id]');
  if (card) trigger('select', { id: card.dataset.id });
});
