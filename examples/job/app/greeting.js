const TEXTS = { en: "you are number", de: "du bist Nummer" };

exports.greeting = (language, count) => `${TEXTS[language] ?? TEXTS.en} ${count}`;
