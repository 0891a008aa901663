package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmOptionsTest {

    @Test
    void leavesCommentsAndEmptyLinesOut() {
        assertThat(JvmOptions.read("jvm.options"))
                .contains("-XX:+UseSerialGC")
                .allMatch(option -> option.startsWith("-"));
    }

    @ParameterizedTest
    @CsvSource({"123,123", "2k,2048", "3M,3145728", "2g,2147483648", "1T,1099511627776", "x,0", "2gb,0"})
    void readsSizesAsJavaDoes(String size, long bytes) {
        assertThat(JvmOptions.directMemoryBytes(List.of("-XX:MaxDirectMemorySize=" + size)))
                .isEqualTo(bytes);
    }

    @Test
    void ofSeveralLimitsTheLastOneCounts() {
        List<String> options = List.of("-XX:MaxDirectMemorySize=2g", "-XX:MaxDirectMemorySize=1k", "-Xmx256m");

        assertThat(JvmOptions.directMemoryBytes(options)).isEqualTo(1024);
        assertThat(JvmOptions.directMemoryBytes(List.of("-Xmx256m"))).isZero();
    }
}
