package dev.tandem.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What OpenSSH complains of, in Tandem's words. */
class SshProblemTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ssh: connect to host b port 22: No route to host|there is no route",
                "ssh: connect to host b port 22: Connection timed out|there is no route",
                "ssh: connect to host b port 22: Connection refused|nothing listens on its ssh port",
                "ssh: Could not resolve hostname b: Name or service not known|its name cannot be resolved",
                "pi@b: Permission denied (publickey,password).|ssh-copy-id pi@b",
                "Host key verification failed.|connect once by hand, 'ssh pi@b'",
                "something new|ssh to pi@b failed: something new",
                "''|no word of ssh"
            })
    void saysWhatToTry(String said, String meaning) {
        assertThat(SshProblem.describe("pi@b", said)).contains("pi@b", meaning).contains(said);
    }
}
