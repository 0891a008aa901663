package dev.tandem.config;

import java.nio.file.Path;

/** Paths in which a leading ~ is the home directory, which neither HOCON nor {@link Path} knows. */
final class HomePath {

    private HomePath() {}

    /**
     * The absolute form of a path.
     *
     * @throws IllegalArgumentException if the text is empty, no path on this system, or needs a home directory where
     *     there is none (the JVM then answers "?", as in containers with a user that has no entry)
     */
    static Path parse(String text) {
        return parse(text, Path.of(""));
    }

    /** The same, where a relative path starts at a folder. */
    static Path parse(String text, Path folder) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("path must not be empty.");
        }
        return folder.resolve(expanded(text)).toAbsolutePath().normalize();
    }

    /** The same text with the home directory for a leading ~. */
    static String expanded(String text) {
        if (!text.equals("~") && !text.startsWith("~/")) {
            return text;
        }
        String home = System.getProperty("user.home", "?");
        if (home.equals("?") || home.isBlank()) {
            throw new IllegalArgumentException("path '" + text + "' needs a home directory. Maybe an absolute path.");
        }
        return home + text.substring(1);
    }
}
