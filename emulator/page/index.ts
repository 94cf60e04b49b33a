import { createHash } from "node:crypto";
import { MARKUP } from "./markup";
import { SCRIPT } from "./script";
import { STYLES } from "./styles";

/** Nothing but what the page brings itself may run or load: what it shows was written by others. */
const POLICY = [
  "default-src 'none'",
  "connect-src 'self'",
  "img-src data:",
  `script-src '${hashOf(SCRIPT)}'`,
  `style-src '${hashOf(STYLES)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** A letter M, so that the browser asks for no icon. */
const ICON =
  "data:image/svg+xml," +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#0f766e"/>' +
      '<path d="M4 12V4.5l4 4.5 4-4.5V12" fill="none" stroke="#fff" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>',
  );

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mags emulator</title>
<link rel="icon" href="${ICON}">
<style>${STYLES}</style>
</head>
<body>
${MARKUP}
<script>${SCRIPT}</script>
</body>
</html>
`;

/** The page at `/`: one file without a dependency. Everything it shows comes from `/_emulator/state`. */
export function renderPage(): string {
  return PAGE;
}

/** How a policy names an inline text. */
function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
