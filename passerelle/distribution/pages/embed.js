// A button that opens the join form in a dialog, or with data-show="form" the form itself in the page.
(() => {
  const script = document.currentScript;
  const { link, program, show, text, lang, background, foreground } = script.dataset;
  const base = script.src.replace(/embed\.js.*$/, '');
  const home = new URL(base).origin;
  const language = (lang || document.documentElement.lang || 'en').slice(0, 2);
  const [own, close, away] = {
    fr: ['Obtenir ma carte de fidélité', 'Fermer', 'Ouvrir dans un nouvel onglet'],
    ar: ['احصل على بطاقتي', 'إغلاق', 'فتح في علامة تبويب جديدة'],
  }[language] || ['Get my loyalty card', 'Close', 'Open in a new tab'];
  const title = text || own;
  const page = base + (link ? 'j/' + link : 'join/' + program);
  const to = (path, more) => page + path + '?' + new URLSearchParams({ lang: language, utm_source: 'website', utm_medium: 'script', ...more });
  const make = (tag, css, more) => {
    const made = Object.assign(document.createElement(tag), more);
    made.style.cssText = css;
    return made;
  };

  const frameIn = (place, stop) => {
    const look = { origin: location.origin };
    if (background) look.background = background.replace('#', '');
    if (foreground) look.foreground = foreground.replace('#', '');
    const frame = make('iframe', 'display:block;width:100%;height:560px;border:0', { title, src: to('/embed', look) });
    // A site that is not allowed sees an empty frame: then there is another way.
    const late = setTimeout(() => place.append(make('a', 'display:block;padding:16px', { href: to(''), target: '_blank', rel: 'noopener', textContent: away })), 6000);
    const hear = ({ origin, source, data }) => {
      if (origin !== home || source !== frame.contentWindow || !data || !data.passerelle) return;
      clearTimeout(late);
      if (data.height > 0 && data.height < 9999) frame.style.height = Math.ceil(data.height) + 'px';
      if (data.passerelle === 'joined') script.dispatchEvent(new CustomEvent('passerelle:joined', { bubbles: true }));
    };
    addEventListener('message', hear, stop && { signal: stop });
    place.append(frame);
  };

  if (show === 'form') {
    const place = make('div', 'max-width:480px');
    script.after(place);
    return frameIn(place);
  }
  const button = make('button', `padding:14px 24px;border:0;border-radius:14px;background:${background || '#222'};color:${foreground || '#fff'};font:600 17px/1.3 system-ui,sans-serif;cursor:pointer`, { type: 'button', textContent: title, lang: language });
  button.onclick = () => {
    const end = new AbortController();
    const dialog = make('dialog', 'width:480px;max-width:96vw;max-height:96vh;padding:0;border:0;border-radius:18px;background:#fff', { ariaLabel: title, lang: language });
    const out = make('button', 'position:sticky;top:0;float:inline-end;width:44px;height:44px;border:0;background:#fff;color:#222;font:24px sans-serif;z-index:1', { type: 'button', textContent: '×', ariaLabel: close });
    out.onclick = () => dialog.close();
    dialog.onclick = ({ target }) => target === dialog && dialog.close();
    dialog.onclose = () => {
      end.abort();
      dialog.remove();
    };
    dialog.append(out);
    frameIn(dialog, end.signal);
    document.body.append(dialog);
    dialog.showModal();
  };
  script.after(button);
})();
