package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestbedRightsTest {

    private Path folder;

    @BeforeEach
    void makeTools(@TempDir Path temporary) throws Exception {
        folder = temporary;
        for (String tool : new String[] {"ip", "tc", "nsenter"}) {
            assertThat(Files.createFile(folder.resolve(tool)).toFile().setExecutable(true))
                    .isTrue();
        }
    }

    private Path process(String capabilities) throws Exception {
        return Files.writeString(folder.resolve("status"), "Name:\tjava\nCapEff:\t" + capabilities + "\n");
    }

    @Test
    void missesNothingOfRootWithBothTools() throws Exception {
        assertThat(TestbedRights.missing(process("000001ffffffffff"), "/nowhere:" + folder))
                .isEmpty();
    }

    @Test
    void namesTheRightsOfAnOrdinaryUser() throws Exception {
        assertThat(TestbedRights.missing(process("0000000000000000"), folder.toString()))
                .hasValueSatisfying(missing ->
                        assertThat(missing).contains("root's rights", "Maybe").doesNotContain("the tool"));
    }

    @Test
    void namesTheRightsOfAContainerThatMayOnlyChangeItsOwnNetwork() throws Exception {
        assertThat(TestbedRights.missing(process("0000000000001000"), folder.toString()))
                .hasValueSatisfying(missing -> assertThat(missing).contains("CAP_SYS_ADMIN"));
    }

    @Test
    void namesTheToolsThatAreNotThere() throws Exception {
        assertThat(TestbedRights.missing(process("000001ffffffffff"), "/nowhere"))
                .hasValueSatisfying(missing -> assertThat(missing).contains("'ip'", "'tc'", "'nsenter'", "iproute2"));
    }

    @Test
    void takesASystemWithoutProcForOneWithoutRights() {
        assertThat(TestbedRights.missing(folder.resolve("absent"), folder.toString()))
                .isPresent();
    }
}
