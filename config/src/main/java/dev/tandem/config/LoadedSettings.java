package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.List;

/**
 * Settings that passed every check.
 *
 * @param config everything that was loaded, resolved: beside {@code tandem} the sections of other libraries, such as
 *     {@code pekko}, which a user may set in the same file
 * @param source to read again
 */
public record LoadedSettings(TandemSettings settings, Config config, SettingsSource source) {

    /** Every setting of Tandem's own and where it comes from, in the order of their paths. */
    public List<SettingInForce> inForce() {
        return SettingInForce.of(config);
    }
}
