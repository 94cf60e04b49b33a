/** The page at `/`. It reads everything it shows from `/_emulator/state`. */
export function renderPage(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Mags emulator</title>
<h1>Mags emulator</h1>
<pre id="state">loading…</pre>
<script>
  const show = async () => {
    const answer = await fetch("/_emulator/state");
    document.getElementById("state").textContent = JSON.stringify(await answer.json(), null, 2);
  };
  show();
  setInterval(show, 2000);
</script>
</html>
`;
}
