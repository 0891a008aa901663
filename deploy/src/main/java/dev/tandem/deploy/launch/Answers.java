package dev.tandem.deploy.launch;

import java.util.List;

/** Reads the answers of {@code host.sh}: a word, a space, and its value. */
final class Answers {

    private Answers() {}

    static boolean has(List<String> answers, String word) {
        return answers.stream().anyMatch(answer -> answer.equals(word) || answer.startsWith(word + " "));
    }

    /** The value of the last answer of this word; empty where there is none. */
    static String value(List<String> answers, String word) {
        List<String> values = values(answers, word);
        return values.isEmpty() ? "" : values.get(values.size() - 1);
    }

    static List<String> values(List<String> answers, String word) {
        return answers.stream()
                .filter(answer -> answer.startsWith(word + " "))
                .map(answer -> answer.substring(word.length() + 1))
                .toList();
    }

    /** The number of the process, 0 where none is named. */
    static long pid(List<String> answers, String word) {
        String value = value(answers, word);
        return value.matches("\\d{1,18}") ? Long.parseLong(value) : 0;
    }

    /** What the host says that failed. */
    static HostException failure(List<String> answers) {
        String said = value(answers, "failed");
        return new HostException(said.isEmpty() ? "the host gave no answer." : said);
    }
}
