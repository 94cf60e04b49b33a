import { readdirSync } from "node:fs";
import path from "node:path";

import ts from "typescript";

import { UserError } from "../lib/errors.mjs";
import { root } from "../lib/paths.mjs";

const provider = path.join(root, "provider");

/** @typedef {{ name: string, section: string, message: string }} ErrorText */

/** The sources of provider/, with their declarations and what refers to what. */
export class SourceTree {
  constructor() {
    const files = readdirSync(provider, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    const options = { module: ts.ModuleKind.NodeNext, noLib: true, noEmit: true, types: [] };
    const host = ts.createCompilerHost(options);
    // What packages declare says nothing about our errors, and reading it takes most of the time.
    host.resolveModuleNameLiterals = (literals, from) =>
      literals.map(({ text }) =>
        text.startsWith(".")
          ? ts.resolveModuleName(text, from, options, host)
          : { resolvedModule: undefined },
      );
    this.program = ts.createProgram({
      rootNames: files.map((file) => path.join(provider, file)),
      options,
      host,
    });
    this.checker = this.program.getTypeChecker();
  }

  /**
   * Public members that a class or an interface declares.
   * @param {string} file
   * @param {string} name
   */
  members(file, name) {
    const declaration = this.#declaration(file, name);
    if (!ts.isClassDeclaration(declaration) && !ts.isInterfaceDeclaration(declaration)) {
      throw new UserError(`${file}: ${name} is neither a class nor an interface.`);
    }
    return [...declaration.members]
      .filter((member) => ts.isPropertyDeclaration(member) || ts.isPropertySignature(member))
      .map((member) => member.name.getText());
  }

  /**
   * The same, with what an interface takes over from others: all of them, or what `Omit` and `Pick` leave.
   * @param {string} file
   * @param {string} name
   * @returns {string[]}
   */
  allMembers(file, name) {
    const declaration = this.#declaration(file, name);
    if (!ts.isInterfaceDeclaration(declaration)) throw new UserError(`${file}: ${name} is no interface.`);
    const bases = (declaration.heritageClauses ?? []).flatMap((clause) => [...clause.types]);
    const inherited = bases.flatMap((base) => {
      const utility = base.expression.getText();
      const [of, keys] = base.typeArguments ?? [];
      const taken = ["Omit", "Pick"].includes(utility) ? of : base;
      const target = this.checker.getTypeAtLocation(taken ?? base).symbol?.declarations?.[0];
      if (!target) throw new UserError(`${file}: what ${name} extends cannot be found: ${base.getText()}`);
      const source = path.relative(provider, target.getSourceFile().fileName);
      const members = this.allMembers(source, nameOf(target));
      const named = [...(keys?.getText().matchAll(/"(\w+)"/g) ?? [])].map(([, key]) => key);
      if (utility === "Omit") return members.filter((member) => !named.includes(member));
      return utility === "Pick" ? members.filter((member) => named.includes(member)) : members;
    });
    return [...new Set([...inherited, ...this.members(file, name)])];
  }

  /**
   * What the comments of an interface's own members say.
   * @param {string} file
   * @param {string} name
   */
  memberComments(file, name) {
    const declaration = this.#declaration(file, name);
    if (!ts.isInterfaceDeclaration(declaration)) throw new UserError(`${file}: ${name} is no interface.`);
    return declaration.members.filter(ts.isPropertySignature).map((member) => {
      const comments = ts.getJSDocCommentsAndTags(member).filter(ts.isJSDoc);
      const tags = comments.flatMap((comment) => [...(comment.tags ?? [])]);
      const text = (/** @type {any} */ comment) => ts.getTextOfJSDocComment(comment) ?? "";
      return {
        name: member.name.getText(),
        type: (member.type?.getText() ?? "").replace(/^pulumi\.Input<(.*)>$/, "$1"),
        description: comments
          .map(({ comment }) => text(comment))
          .join(" ")
          .replace(/\s*\n\s*/g, " "),
        default: text(tags.find(({ tagName }) => tagName.text === "default")?.comment),
      };
    });
  }

  /**
   * What the comment of an exported declaration says, and its example.
   * @param {string} file
   * @param {string} name
   */
  comment(file, name) {
    const declaration = this.#declaration(file, name);
    const parts = ts.getJSDocCommentsAndTags(declaration).filter(ts.isJSDoc);
    const summary = parts.map((part) => ts.getTextOfJSDocComment(part.comment) ?? "").join("\n");
    const example = parts
      .flatMap((part) => [...(part.tags ?? [])])
      .find((tag) => tag.tagName.text === "example");
    if (!summary || !example) throw new UserError(`${file}: ${name} needs a comment with an @example.`);
    return {
      summary: summary.replace(/\s*\n\s*/g, " "),
      example: ts.getTextOfJSDocComment(example.comment) ?? "",
    };
  }

  /**
   * Names of the errors (of provider/errors) that code reachable from these declarations gives.
   * @param {{ file: string, name: string }[]} starts
   * @param {string[]} foreign Names of variables that are not entered: the other kinds.
   * @returns {Set<string>}
   */
  errorsReachedFrom(starts, foreign) {
    const errors = new Set();
    const seen = new Set();
    const queue = starts.map(({ file, name }) => this.#declaration(file, name));
    for (let node = queue.pop(); node; node = queue.pop()) {
      if (seen.has(node)) continue;
      seen.add(node);
      for (const next of this.#references(node)) {
        const name = nameOf(next);
        if (this.#isIn(next, "errors")) errors.add(name);
        else if (!foreign.includes(name) || !["lifecycle", "schema"].some((room) => this.#isIn(next, room)))
          queue.push(next);
      }
    }
    return errors;
  }

  /**
   * Every error, with the message that it gives for placeholders.
   * @param {Record<string, unknown>} factories The module at run time.
   * @returns {ErrorText[]}
   */
  errors(factories) {
    const texts = [];
    for (const file of this.#errorFiles()) {
      for (const statement of this.#source(file).statements) {
        if (!ts.isVariableStatement(statement) || !isExported(statement)) continue;
        for (const { name, initializer } of statement.declarationList.declarations) {
          if (!initializer || !ts.isArrowFunction(initializer)) continue;
          const factory = /** @type {(...values: unknown[]) => Error} */ (factories[name.getText()]);
          const values = initializer.parameters.map((parameter) => placeholder(parameter));
          texts.push({
            name: name.getText(),
            section: titleOf(file),
            message: factory(...values).message,
          });
        }
      }
    }
    return texts;
  }

  /** The files that provider/errors hands on, in its order. */
  #errorFiles() {
    return this.#source("errors/index.ts")
      .statements.filter(ts.isExportDeclaration)
      .map(({ moduleSpecifier }) => {
        if (!moduleSpecifier || !ts.isStringLiteral(moduleSpecifier)) {
          throw new UserError("provider/errors/index.ts hands on something that is not a file.");
        }
        return path.join("errors", `${moduleSpecifier.text}.ts`);
      });
  }

  /** @param {string} file */
  #source(file) {
    const source = this.program.getSourceFile(path.join(provider, file));
    if (!source) throw new UserError(`There is no provider/${file}, which the reference is made from.`);
    return source;
  }

  /**
   * @param {string} file
   * @param {string} name
   */
  #declaration(file, name) {
    for (const statement of this.#source(file).statements) {
      if (ts.isVariableStatement(statement)) {
        const found = statement.declarationList.declarations.find((one) => one.name.getText() === name);
        if (found) return found;
      } else if (nameOf(statement) === name) return statement;
    }
    throw new UserError(`provider/${file} has no ${name}, which the reference is made from.`);
  }

  /**
   * The declarations at the top of files of provider/ that a node refers to by value.
   * @param {import("typescript").Node} node
   */
  #references(node) {
    const found = new Set();
    const visit = (/** @type {import("typescript").Node} */ child) => {
      // What a class extends counts as a type to the compiler, but it is code.
      if (ts.isTypeNode(child) && !ts.isExpressionWithTypeArguments(child)) return;
      if (ts.isIdentifier(child)) for (const target of this.#targets(child)) found.add(target);
      ts.forEachChild(child, visit);
    };
    ts.forEachChild(node, visit);
    return found;
  }

  /** @param {import("typescript").Identifier} identifier */
  #targets(identifier) {
    let symbol = this.checker.getSymbolAtLocation(identifier);
    if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = this.checker.getAliasedSymbol(symbol);
    return (symbol?.declarations ?? [])
      .filter((declaration) => this.#isIn(declaration, ".") && doesSomething(declaration))
      .map(topLevel)
      .filter((declaration) => declaration !== undefined);
  }

  /**
   * @param {import("typescript").Node} node
   * @param {string} place A file or folder of provider/.
   */
  #isIn(node, place) {
    const relative = path.relative(path.join(provider, place), node.getSourceFile().fileName);
    return relative === "" || !relative.startsWith("..");
  }
}

/**
 * The declaration at the top of its file that a node is, or is part of.
 * @param {import("typescript").Node} node
 */
function topLevel(node) {
  for (let current = node; current.parent; current = current.parent) {
    if (ts.isSourceFile(current.parent)) return ts.isVariableStatement(current) ? undefined : current;
    const statement = current.parent.parent;
    if (ts.isVariableDeclaration(current) && statement && ts.isSourceFile(statement.parent)) return current;
  }
  return undefined;
}

/**
 * False for what only has a type: reading a property of something runs none of the code that made it.
 * @param {import("typescript").Declaration} declaration
 */
function doesSomething(declaration) {
  return !ts.isPropertyDeclaration(declaration) && !ts.isPropertySignature(declaration);
}

/** @param {import("typescript").Node} node */
function nameOf(node) {
  const { name } = /** @type {{ name?: import("typescript").Node }} */ (/** @type {unknown} */ (node));
  return name?.getText() ?? "";
}

/** @param {import("typescript").VariableStatement} statement */
function isExported(statement) {
  return (statement.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

/**
 * A file's name as a heading.
 * @param {string} file
 */
function titleOf(file) {
  const words = path.basename(file, ".ts").replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * A value that shows in a message where a parameter goes.
 * @param {import("typescript").ParameterDeclaration} parameter
 */
function placeholder(parameter) {
  const name = `‹${parameter.name.getText()}›`;
  const type = parameter.type?.getText() ?? "string";
  if (type === "string[]") return [name];
  if (type === "boolean") return true;
  if (type === "Occupant") return { status: "‹status›", since: "‹time›" };
  return name;
}
