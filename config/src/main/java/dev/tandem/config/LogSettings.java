package dev.tandem.config;

/** Tandem's own log. */
public record LogSettings(LogLevel level) {

    static LogSettings from(SectionReader reader) {
        return new LogSettings(reader.choice("level", LogLevel.class));
    }
}
