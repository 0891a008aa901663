package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.TreeSet;

/**
 * A setting as it counts, and where it comes from.
 *
 * @param path {@code tandem.section.key}
 * @param value as HOCON, words without quotation marks
 * @param origin {@code FILE:LINE}, or the name of the environment variable or other source
 * @param isDefault whether nobody has set it: it comes from {@code reference.conf}
 * @param scope what happens when it is changed while a member runs
 */
public record SettingInForce(String path, String value, String origin, boolean isDefault, SettingScope scope) {

    private static final String DEFAULTS = "reference.conf";

    /** All of Tandem's own, in the order of their paths. */
    static List<SettingInForce> of(Config config) {
        return new TreeSet<>(SettingScope.keys())
                .stream().map(path -> of(path, config.getValue(path))).toList();
    }

    private static String text(ConfigValue value) {
        boolean isWord = value.valueType() == ConfigValueType.STRING
                && !value.unwrapped().toString().isEmpty();
        return isWord
                ? value.unwrapped().toString()
                : value.render(ConfigRenderOptions.concise().setJson(false));
    }

    private static SettingInForce of(String path, ConfigValue value) {
        ConfigOrigin origin = value.origin();
        return new SettingInForce(
                path,
                text(value),
                SettingsProblem.describe(origin),
                DEFAULTS.equals(origin.resource()),
                SettingScope.of(path));
    }
}
