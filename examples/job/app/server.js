const { appendFileSync, existsSync, readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { homedir } = require("node:os");
const { greeting } = require("./greeting");

const visits = `${homedir()}/visits.txt`;
const { language } = JSON.parse(readFileSync(`${__dirname}/../conf/site.json`, "utf8"));

createServer((request, response) => {
  if (request.url === "/health") return response.end("well");
  appendFileSync(visits, `${request.url}\n`);
  const count = existsSync(visits) ? readFileSync(visits, "utf8").trim().split("\n").length : 0;
  response.end(`${process.env.TITLE}: ${greeting(language, count)}\n`);
}).listen(process.env.PORT ?? 8080);
