package dev.tandem.deploy.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** What a person wants to hear of members that are started or stopped. */
final class StartProgress {

    /** Answers of the host, by their first word. */
    private static final Map<String, String> MILESTONES = Map.of(
            "running", "runs as process", "started", "started as process", "up", "up at", "ready", "measured at");

    private static final Set<String> SENTENCES = Set.of("copied the program", "leaving");

    private StartProgress() {}

    /** Takes the name of a member and what it does, from any thread. */
    static BiConsumer<String, String> on(Terminal terminal) {
        return (name, text) -> {
            String[] words = text.split(" ", 2);
            String milestone = MILESTONES.get(words[0].toLowerCase(Locale.ROOT));
            if (milestone != null && words.length == 2) {
                terminal.note(name + ": " + milestone + " " + words[1]);
            } else if (SENTENCES.contains(text) || text.endsWith(".")) {
                terminal.note(name + ": " + text);
            }
        };
    }
}
