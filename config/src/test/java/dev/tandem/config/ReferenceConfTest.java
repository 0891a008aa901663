package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds reference.conf, the only documentation of the keys, to the records. */
class ReferenceConfTest {

    private final List<String> lines = lines();

    @Test
    void hasAKeyForEveryRecordComponentAndNoOther() {
        assertThat(keys()).containsExactlyInAnyOrderElementsOf(componentPaths());
    }

    @Test
    void explainsEverySectionAndKeyInAComment() {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            boolean opensSection = line.endsWith("{") && !line.startsWith("tandem");
            boolean setsDefault = line.contains(" = ") && !line.startsWith("#") && !line.contains("${?");
            if (opensSection || setsDefault) {
                assertThat(lines.get(i - 1).strip()).as("line before " + line).startsWith("# ");
            }
        }
    }

    @Test
    void marksEveryKeyWithWhatHappensWhenItIsChanged() {
        assertThat(SettingScope.keys()).isEqualTo(keys());
        for (String path : keys()) {
            int at = lineOf(path) - 1;
            while (lines.get(at - 1).strip().startsWith("#")) {
                at--;
            }
            String mark = "# [" + SettingScope.of(path).name().toLowerCase(Locale.ROOT) + "] ";
            assertThat(lines.get(at).strip()).as("comment of " + path).startsWith(mark);
        }
    }

    @Test
    void namesTheVariableOfEveryKeyAfterItsDefault() {
        for (String path : keys()) {
            String key = path.substring(path.lastIndexOf('.') + 1);
            String override = key + " = ${?" + SettingsLayers.variableOf(path) + "}";
            int at = lines.stream().map(String::strip).toList().indexOf(override);
            assertThat(at).as(override).isPositive();
            assertThat(lines.get(at - 1).strip()).startsWith(key + " = ");
        }
    }

    @Test
    void leavesAnswersOfPlainTypesafeConfigTheSame() {
        Config plain = ConfigFactory.load();

        assertThat(plain.getString("tandem.runtime.native-directory")).isEqualTo("~/.cache/tandem/native");
    }

    /** Where the default of a key is set. */
    private int lineOf(String path) {
        String key = path.substring(path.lastIndexOf('.') + 1);
        String override = key + " = ${?" + SettingsLayers.variableOf(path) + "}";
        return lines.stream().map(String::strip).toList().indexOf(override) - 1;
    }

    private static Set<String> componentPaths() {
        return Arrays.stream(TandemSettings.class.getRecordComponents())
                .flatMap(section -> Stream.of(section.getType().getRecordComponents())
                        .map(key -> "tandem." + SettingsDiff.keyOf(section) + "." + SettingsDiff.keyOf(key)))
                .collect(Collectors.toSet());
    }

    private static Set<String> keys() {
        Config reference =
                ConfigFactory.parseResources("reference.conf").resolve().withOnlyPath("tandem");
        return reference.entrySet().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    private static List<String> lines() {
        try (InputStream in = ReferenceConfTest.class.getResourceAsStream("/reference.conf")) {
            byte[] bytes = Objects.requireNonNull(in, "reference.conf").readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
