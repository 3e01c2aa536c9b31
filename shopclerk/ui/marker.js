// A rectangle drawn on the photo with mouse, pen or finger; found objects are buttons over it, for the keyboard.
const start = { at: null };
const box = () => element.querySelector('.marked');
const place = (event) => {
  const frame = element.querySelector('.frame').getBoundingClientRect();
  const within = (value) => Math.min(1, Math.max(0, value));
  return [within((event.clientX - frame.left) / frame.width), within((event.clientY - frame.top) / frame.height)];
};
const corners = (a, b) => [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[0], b[0]), Math.max(a[1], b[1])];
const show = ([x0, y0, x1, y1]) => {
  Object.assign(box().style, {
    display: 'block', left: `${100 * x0}%`, top: `${100 * y0}%`, width: `${100 * (x1 - x0)}%`, height: `${100 * (y1 - y0)}%`,
  });
};
element.addEventListener('pointerdown', (event) => {
  if (!event.target.closest('.frame') || event.target.closest('button')) return;
  event.preventDefault();
  element.setPointerCapture(event.pointerId);
  start.at = place(event);
});
element.addEventListener('pointermove', (event) => {
  if (start.at) show(corners(start.at, place(event)));
});
element.addEventListener('pointerup', (event) => {
  if (!start.at) return;
  const region = corners(start.at, place(event));
  start.at = null;
  if (region[2] - region[0] > 0.02 && region[3] - region[1] > 0.02) trigger('select', { region });
});
element.addEventListener('click', (event) => {
  const found = event.target.closest('button[data-region]');
  if (found) trigger('select', { region: JSON.parse(found.dataset.region) });
});
