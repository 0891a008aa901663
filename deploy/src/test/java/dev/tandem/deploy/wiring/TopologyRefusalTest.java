package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.SettingsException;
import dev.tandem.config.SettingsProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What topology files are refused for, each with its line and what was expected. */
class TopologyRefusalTest extends TopologyCase {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            preset = raspberry-pi-44 | expected one of jetson-agx-xavier, jetson-nano, jetson-orin-nx, jetson-tx2, odroid-xu4
            preset = raspberry-pi-44 | Did you mean raspberry-pi-4?
            preset = []              | expected the name of a board
            memory = 1GiB, core-groups = [ { rate = 1e9 } ], power { idle = 1W }  | the power of the core groups as well
            preset = odroid-xu4, power { idle = -1W }                             | expected a power from 0W to 100000W
            preset = odroid-xu4, power { busy = 1W }                              | unknown key
            preset = odroid-xu4, power = 1W                                       | expected a section
            preset = odroid-xu4, core-groups = [ { rate = 1e9, power { idle = 2W } } ]            | expected the key busy
            preset = odroid-xu4, core-groups = [ { rate = 1e9, power { idle = 2W, busy = 1W } } ] | at least the idle power
            """)
    void refusesPresetsAndPower(String hocon, String expected) {
        assertThat(problems("nodes = [ { name = a, " + hocon + " } ]"))
                .anyMatch(problem -> problem.toString().contains(expected));
    }

    @Test
    void saysEverythingThatIsWrongWithItsLine() {
        List<SettingsProblem> problems = problems(
                """
                gatway = a
                nodes = [
                  { name = a, memory = 12, core-groups = [ { rate = 0 } ] }
                  { name = b, memory = 1GiB, core-groups = [ { rate = 1e9, cpu = [0] } ] }
                ]
                links = [ { from = a, to = c, bandwidth = fast } ]
                """);

        assertThat(problems)
                .extracting(problem -> problem.toString().replace(folder.toString(), ""))
                .containsExactlyInAnyOrder(
                        "/topology.conf:1: gatway = \"a\": unknown key. Did you mean gateway?",
                        "/topology.conf:3: nodes[0].memory = 12: expected a size from 1MiB to 1024TiB. Sizes look like"
                                + " 512KiB or 1MiB.",
                        "/topology.conf:3: nodes[0].core-groups[0].rate = 0: expected multiply-adds per second, above 0"
                                + " and at most 1e18.",
                        "/topology.conf:4: nodes[1].core-groups[0].cpu = [0]: unknown key. Did you mean"
                                + " nodes[1].core-groups[0].cpus?",
                        "/topology.conf:6: links[0].to = \"c\": expected the name of a machine of this file, or outside."
                                + " Did you mean a?",
                        "/topology.conf:6: links[0].bandwidth = \"fast\": expected a bandwidth above 0. Bandwidths look"
                                + " like 100Mbit/s, 1Gbit/s or 11.5MB/s.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            gateway = a                                                 | expected the key nodes, a list of machines
            nodes = []                                                  | a list of at least one machine
            nodes = [ a ]                                               | expected an object
            nodes = [ { memory = 1GiB, core-groups = [ { rate = 1 } ] } ] | expected the key name
            nodes = [ { name = a, core-groups = [ { rate = 1 } ] } ]    | expected the key memory
            nodes = [ { name = a, memory = 1GiB } ]                     | expected the key core-groups
            nodes = [ { name = a, memory = 1GiB, core-groups = [] } ]   | a list of at least one core group
            nodes = [ { name = a, memory = 1GiB, core-groups = [ {} ] } ] | expected the key rate
            nodes = [ { name = a, memory = 1GiB, core-groups = [ { rate = 1, kind = npu } ] } ] | expected one of cpu, gpu
            nodes = [ { name = "a b", memory = 1GiB, core-groups = [ { rate = 1 } ] } ] | at most 64 letters
            nodes = [ { name = outside, memory = 1GiB, core-groups = [ { rate = 1 } ] } ] | and not outside
            nodes = [ { name = a, memory = 1GiB, core-groups = [ { rate = 1 } ], processor { cpus = 0 } } ] | processor.cpus
            nodes = [ { name = a, memory = 1GiB, core-groups = [ { rate = 1 } ], processor { machine = "a b" } } ] | at most 64 letters
            nodes = [ { name = a, memory = 1GiB, core-groups = [ { rate = 1 } ], processor { carrying { frame = 2s } } } ] | carrying.frame
            """)
    void refusesMachines(String hocon, String expected) {
        assertThat(problems(hocon)).anyMatch(problem -> problem.toString().contains(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            gateway = laptop                                            | There are: a, b, outside
            default-link { latency = 1ms }                              | expected the key bandwidth
            default-link { bandwidth = 0Mbit/s }                        | expected a bandwidth above 0
            default-link { bandwidth = 1Gbit/s, latency = 2m }          | expected a time from 0s to 1m
            default-link = fast                                         | expected a section
            links = []                                                  | a list of at least one link
            links = [ { to = b, bandwidth = 1Gbit/s } ]                 | expected the key from
            links = [ { from = a, bandwidth = 1Gbit/s } ]               | expected the key to
            links = [ { from = a, to = b } ]                            | expected the key bandwidth
            links = [ { from = a, to = a, bandwidth = 1Gbit/s } ]       | another machine than from
            links = [ { from = a, to = b, bandwidth = 1Gb } ]           | Bandwidths look like 100Mbit/s
            links = [ { from = a, to = b, bandwidth = 1Gbit/s, both-ways = maybe } ] | true or false
            links = [ { from = a, to = b, bandwidth = 1Gbit/s, media = [air, air] } ] | names of shared channels, each once
            default-link { bandwidth = 1Gbit/s, media = ["a b"] }       | names of shared channels
            """)
    void refusesLinks(String hocon, String expected) {
        assertThat(problems(NODES + hocon))
                .anyMatch(problem -> problem.toString().contains(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            rate = 1e19                     | at most 1e18
            rate = quick                    | expected multiply-adds per second
            rate = 1, threads = 0           | a whole number from 1 to 1024
            rate = 1, cpus = [0, 0]         | different whole numbers
            rate = 1, profile = damaged     | either a rate or a profile
            profile = none.json             | a profile that can be read
            profile = damaged.json          | expected a profile: profile is not readable
            profile = newer.json            | format 9, expected 2
            profile = idle.json             | must have times above 0
            """)
    void refusesCoreGroups(String hocon, String expected) throws IOException {
        Files.writeString(folder.resolve("damaged.json"), "{");
        String good = new String(Profiles.of("digest", "cpu", 1.0).write(), StandardCharsets.UTF_8);
        Files.writeString(folder.resolve("newer.json"), good.replace("\"format\" : 2", "\"format\" : 9"));
        Files.writeString(folder.resolve("idle.json"), good.replace("[ 1.0 ]", "[ 0.0 ]"));

        assertThat(problems("nodes = [ { name = a, memory = 1GiB, core-groups = [ { " + hocon + " } ] } ]"))
                .anyMatch(problem -> problem.toString().contains(expected));
    }

    @Test
    void refusesNamesAndLinksThatAreThereTwice() {
        assertThat(problems("nodes = [ " + A + ", " + A + " ]"))
                .singleElement()
                .asString()
                .contains("a name that no other machine has");
        assertThat(problems("nodes = [ { name = a, memory = 1GiB, core-groups = [ { rate = 1 }, { rate = 1 } ] } ]"))
                .singleElement()
                .asString()
                .contains("nodes[0].core-groups[1]", "no other core group of the machine has");
        assertThat(
                        problems(
                                NODES
                                        + "links = [ { from = a, to = b, bandwidth = 1Gbit/s }, { from = b, to = a, bandwidth = 1Gbit/s } ]"))
                .singleElement()
                .asString()
                .contains("links[1].to", "each direction of each pair once", "both-ways = false");
    }

    @Test
    void refusesFilesThatCannotBeRead() {
        assertThatThrownBy(() -> TopologyFile.read(folder.resolve("none.conf")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("expected a topology file, but there is none");
        assertThatThrownBy(() -> TopologyFile.read(folder))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("this is a directory");
        assertThat(problems("nodes = [ ")).singleElement().asString().contains("topology.conf:1");
    }
}
