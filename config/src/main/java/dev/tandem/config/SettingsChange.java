package dev.tandem.config;

/**
 * One key whose value differs between two settings.
 *
 * @param path {@code tandem.section.key}
 * @param before for people to read, not for parsing
 * @param after for people to read, not for parsing
 * @param scope who takes it over, if anyone can without a restart
 */
public record SettingsChange(String path, String before, String after, SettingScope scope) {

    @Override
    public String toString() {
        return path + ": " + before + " -> " + after + (scope == SettingScope.RESTART ? " (needs a restart)" : "");
    }
}
