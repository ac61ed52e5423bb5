
for (const text of document.querySelectorAll('.text')) {
  const tokens = [...text.querySelectorAll('.t')];
  const said = text.nextElementSibling;
  let at = -1;
  const go = (to) => {
    if (to < 0 || to >= tokens.length) return;
    if (at >= 0) tokens[at].classList.remove('at');
    at = to;
    tokens[at].classList.add('at');
    tokens[at].scrollIntoView({ block: 'nearest' });
    said.textContent = tokens[at].title;
  };
  text.addEventListener('keydown', (event) => {
    const moves = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: tokens.length - 1 };
    if (event.key in moves && !event.ctrlKey && !event.altKey && !event.metaKey) {
      go(moves[event.key]);
      event.preventDefault();
    }
  });
  text.addEventListener('click', (event) => {
    const token = event.target.closest('.t');
    if (token) go(tokens.indexOf(token));
  });
}
