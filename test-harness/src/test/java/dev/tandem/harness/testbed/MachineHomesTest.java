package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.deploy.wiring.ClassArchive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineHomesTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void theCommandRunsInTheMachinesHomeWithACopyOfTheArchive() throws Exception {
        Path archive = Files.writeString(folder.resolve("a b-1.jsa"), "classes");
        Files.writeString(ClassArchive.sizeFile(archive), "7");
        MachineHomes homes = new MachineHomes(folder.resolve("home"), Optional.of(archive));

        assertThat(run(homes.launchWith("edge"), "sh", "-c", "cd \"$HOME/.cache/tandem/classes\" && pwd && head *"))
                .contains(folder.resolve("home/edge").toString())
                .contains("==> a b-1.jsa <==\nclasses")
                .contains("==> a b-1.jsa.size <==\n7");
    }

    @Test
    void withoutAnArchiveTheCommandRunsAsItIs() throws Exception {
        MachineHomes homes = new MachineHomes(folder, Optional.empty());

        assertThat(run(homes.launchWith("edge"), "printenv", "HOME")).isEqualTo(folder.resolve("edge") + "\n");
    }

    private static String run(List<String> words, String... command) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(words);
        whole.addAll(List.of(command));
        Process process = new ProcessBuilder(whole).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }
}
