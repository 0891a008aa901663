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
        assertThat(directMemory(MemberProgram.TANDEM, 4L << 30)).last().isEqualTo(OPTION + (4L << 30));
    }

    @Test
    void leavesBuffersWhatTheOptionsGiveThemWhereThatIsMore() {
        MemberProgram larger = new MemberProgram(List.of(), "Main", List.of(), List.of(OPTION + "8g"));

        assertThat(directMemory(larger, 4L << 30)).last().isEqualTo(OPTION + "8g");
        assertThat(directMemory(larger, 9L << 30)).last().isEqualTo(OPTION + (9L << 30));
        assertThat(directMemory(MemberProgram.TANDEM, 64L << 20)).containsExactly(OPTION + "2g");
    }

    private static List<String> directMemory(MemberProgram program, long memoryBytes) {
        return program.process(Path.of("settings"), Path.of("address"), memoryBytes).command().stream()
                .filter(word -> word.startsWith(OPTION))
                .toList();
    }
}
