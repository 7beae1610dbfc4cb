(() => {
  let what = {{ ("joined" if joined else "shown")|tojson }};
  const tell = () => {
    parent.postMessage({ passerelle: what, height: document.body.scrollHeight }, {{ told|tojson }});
    what = 'shown';
  };
  addEventListener('load', tell);
  new ResizeObserver(tell).observe(document.body);
})();
