package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberProgramTest {

    private static final String OPTION = "-XX:MaxDirectMemorySize=";

    /** Of several the last one counts. */
    @Test
    void givesBuffersAsMuchMemoryAsPlansMayUse() {
        assertThat(directMemory(4L << 30)).last().isEqualTo(OPTION + (4L << 30));
        assertThat(directMemory(64L << 20)).last().isEqualTo(OPTION + (2L << 30));
    }

    private static List<String> directMemory(long memoryBytes) {
        return MemberProgram.TANDEM.process(Path.of("settings"), Path.of("address"), memoryBytes).command().stream()
                .filter(word -> word.startsWith(OPTION))
                .toList();
    }
}
