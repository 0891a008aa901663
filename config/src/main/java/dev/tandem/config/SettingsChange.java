package dev.tandem.config;

/**
 * One key whose value differs between two settings.
 *
 * @param path {@code tandem.section.key}
 * @param before for people to read, not for parsing
 * @param after for people to read, not for parsing
 * @param reloadable whether it can come into force without a restart
 */
public record SettingsChange(String path, String before, String after, boolean reloadable) {

    @Override
    public String toString() {
        return path + ": " + before + " -> " + after + (reloadable ? "" : " (needs a restart)");
    }
}
