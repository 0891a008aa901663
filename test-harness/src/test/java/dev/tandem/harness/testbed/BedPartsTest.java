package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BedPartsTest {

    @Test
    void givesJavaAQuarterOfASmallMachine() {
        assertThat(BedParts.heap(256L << 20, "")).containsExactly("env", "TANDEM_JAVA_OPTS=-Xmx67108864 ");
        assertThat(BedParts.heap(256L << 20, "-Xss1m")).containsExactly("env", "TANDEM_JAVA_OPTS=-Xmx67108864 -Xss1m");
    }

    @Test
    void leavesTheHeapAsItIsOnOthersAndWhereOneIsAskedFor() {
        assertThat(BedParts.heap(1L << 30, "")).isEmpty();
        assertThat(BedParts.heap(256L << 20, "-Xmx100m")).isEmpty();
    }
}
