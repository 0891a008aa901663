package dev.tandem.config;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;

/**
 * One thing that is wrong with the settings.
 *
 * @param path of the key, {@code tandem.x.y}; empty where no key is concerned, as in a file that does not parse
 * @param value as the user wrote it, shortened; empty where there is none
 * @param message what was expected, without full stop
 * @param origin {@code FILE:LINE}, or the name of the environment variable or other source
 * @param hint what to try, a sentence; may be empty
 */
public record SettingsProblem(String path, String value, String message, String origin, String hint) {

    private static final int MAX_VALUE_LENGTH = 80;

    static SettingsProblem of(String path, ConfigValue value, String message, String hint) {
        String rendered = value.render(ConfigRenderOptions.concise());
        String shortened =
                rendered.length() > MAX_VALUE_LENGTH ? rendered.substring(0, MAX_VALUE_LENGTH) + "..." : rendered;
        return new SettingsProblem(path, shortened, message, describe(value.origin()), hint);
    }

    /** A problem of the file as a whole; {@code source} stands in where the exception does not know the place. */
    static SettingsProblem of(ConfigException exception, String source) {
        ConfigOrigin origin = exception.origin();
        String message = String.valueOf(exception.getMessage());
        if (origin == null) {
            return new SettingsProblem("", "", message, source, "");
        }
        String prefix = origin.description() + ": ";
        String stripped = message.startsWith(prefix) ? message.substring(prefix.length()) : message;
        // The parser names the wrong bracket here: a missing } is reported as a missing parenthesis.
        String hint = message.endsWith("end of file") ? "Maybe a closing } or ] is missing." : "";
        return new SettingsProblem("", "", stripped, describe(origin), hint);
    }

    static String describe(ConfigOrigin origin) {
        String file = origin.filename();
        if (file == null) {
            return origin.description();
        }
        return origin.lineNumber() > 0 ? file + ":" + origin.lineNumber() : file;
    }

    /** The problem in one line: {@code FILE:LINE: tandem.x.y = VALUE: what is expected. Hint}. */
    @Override
    public String toString() {
        String subject = path + (path.isEmpty() || value.isEmpty() ? "" : " = ") + value;
        String end = message.endsWith(".") ? "" : ".";
        return origin + ": " + (subject.isEmpty() ? "" : subject + ": ") + message + end
                + (hint.isEmpty() ? "" : " " + hint);
    }
}
