package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:7355", "board-1.local:1", "[::1]:65535"})
    void readsWhatItWrites(String text) {
        assertThat(HostPort.parse(text)).hasToString(text);
    }

    @Test
    void holdsIpv6AddressesWithoutBrackets() {
        assertThat(HostPort.parse(" [fe80::1]:7355 ")).isEqualTo(new HostPort("fe80::1", 7355));
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.2, the port is missing",
        "[::1], the port is missing",
        "::1:7355, an IPv6 address needs brackets",
        ":7355, the host is empty",
        "a b:7355, the host is empty or has a space",
        "http://a:7355, needs brackets",
        "a:, the port must be a number from 1 to 65535",
        "a:0, the port must be a number from 1 to 65535",
        "a:65536, the port must be a number from 1 to 65535",
        "a:-1, the port must be a number from 1 to 65535"
    })
    void saysWhatIsWrong(String text, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostPort.parse(text))
                .withMessageContaining("'" + text + "' is not host:port: ")
                .withMessageContaining(why);
    }

    @Test
    void refusesEmptyBrackets() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HostPort.parse("[]:1"))
                .withMessageContaining("empty");
    }
}
