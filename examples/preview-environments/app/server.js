const { existsSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { homedir } = require("node:os");

const database = `${homedir()}/guests.json`;
const page = readFileSync(`${__dirname}/page.html`, "utf8");

const guests = () => (existsSync(database) ? JSON.parse(readFileSync(database, "utf8")) : []);
const escaped = (text) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Written beside and moved, so that a VM that ends in the middle leaves the old one whole. */
function add(guest) {
  writeFileSync(`${database}.new`, JSON.stringify([...guests(), guest]));
  renameSync(`${database}.new`, database);
}

createServer((request, response) => {
  if (request.url === "/health") return response.end("well");
  if (request.method === "POST") {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk) => (text = `${text}${chunk}`.slice(0, 1000)));
    return request.on("end", () => {
      add(new URLSearchParams(text).get("name") || "somebody");
      response.writeHead(303, { location: "/" }).end();
    });
  }
  const list = guests()
    .map((guest) => `<li>${escaped(guest)}</li>`)
    .join("");
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.end(page.replaceAll("{title}", escaped(process.env.TITLE)).replace("{guests}", () => list));
}).listen(process.env.PORT ?? 8080);
