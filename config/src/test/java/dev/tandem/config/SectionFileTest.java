package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SectionFileTest {

    private static final Config DEFAULTS = ConfigFactory.parseString("speed = 1, boards = []");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void readsFilesWithoutARootKey() throws IOException {
        assertThat(read("speed = 2.5, boards = [ ${speed} ]")).isEqualTo(2.5);
    }

    @Test
    void saysAllThatIsWrongWithPathsFromTheTopOfTheFile() throws IOException {
        List<SettingsProblem> problems = speed("sped = 1\nspeed = -1\n").problems();

        assertThat(problems)
                .extracting(problem -> problem.toString().replace(folder.toString(), ""))
                .containsExactly(
                        "/x.conf:1: sped = 1: unknown key. Did you mean speed?",
                        "/x.conf:1: expected the key boards, a list.",
                        "/x.conf:2: speed = -1: expected a number above 0.");
    }

    @Test
    void refusesSubstitutionsThatReferToNothing() throws IOException {
        assertThat(speed("speed = ${NOWHERE_TO_BE_FOUND}").problems())
                .anyMatch(problem -> problem.toString().contains("write ${?NOWHERE_TO_BE_FOUND} if it may be absent"));
    }

    @Test
    void refusesFilesThatCannotBeParsedOrAreNotThere() throws IOException {
        assertThat(speed("speed = [").problems()).singleElement().asString().contains("x.conf:1");
        SettingsException missing =
                catchThrowableOfType(SettingsException.class, () -> read(folder.resolve("none.conf")));
        assertThat(missing.problems())
                .singleElement()
                .asString()
                .contains("expected a file of speeds, but there is none");
    }

    private SettingsException speed(String hocon) throws IOException {
        Path file = Files.writeString(folder.resolve("x.conf"), hocon);
        return catchThrowableOfType(
                SettingsException.class,
                () -> SectionFile.read(file, "a file of speeds", DEFAULTS, reader -> {
                    reader.require("boards", "a list");
                    return reader.number("speed", speed -> speed > 0, "a number above 0");
                }));
    }

    private double read(String hocon) throws IOException {
        return read(Files.writeString(folder.resolve("x.conf"), hocon));
    }

    private static double read(Path file) {
        return SectionFile.read(
                file,
                "a file of speeds",
                DEFAULTS,
                reader -> reader.number("speed", speed -> speed > 0, "a number above 0"));
    }
}
