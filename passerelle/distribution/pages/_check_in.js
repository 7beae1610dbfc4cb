(() => {
  'use strict';
  const form = document.getElementById('here');
  const button = form.querySelector('button');
  const called = button.textContent;
  let asking = false;

  // Without a position the form goes all the same: the answer says what to do.
  const send = () => form.submit();

  form.addEventListener('submit', (event) => {
    if (!navigator.geolocation) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    button.textContent = form.dataset.looking;
    button.setAttribute('aria-busy', 'true');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude;
        form.elements.longitude.value = coords.longitude;
        form.elements.accuracy.value = coords.accuracy;
        send();
      },
      send,
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 10000 },
    );
  });

  // Back from the answer, the browser shows this page as it was.
  addEventListener('pageshow', () => {
    asking = false;
    button.textContent = called;
    button.removeAttribute('aria-busy');
  });
})();
