package dev.tandem.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.actors.node.BuildVersion;
import dev.tandem.config.ClusterFile;
import dev.tandem.deploy.launch.Scripts.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** A real member behind a real sshd on loopback, with keys made for the test. */
class SshClusterIT {

    private static final Path SSHD = Path.of("/usr/sbin/sshd");

    @TempDir
    private Path folder = Path.of("");

    private Path file = Path.of("");
    private int sshPort;
    private int memberPort;

    @Nullable private Process sshd;

    @BeforeEach
    void startSshd() throws Exception {
        assumeTrue(Files.isExecutable(SSHD), "there is no " + SSHD + "; install openssh-server to run this test");
        Path archive = Scripts.home().resolve("target/tandem-" + BuildVersion.text() + ".tar.gz");
        assumeTrue(Files.exists(archive), "there is no " + archive + ": the profile fast leaves it out");
        sshPort = FreePorts.take(1).get(0);
        memberPort = FreePorts.take(1).get(0);
        run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                folder.resolve("host").toString());
        run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                folder.resolve("user").toString());
        Path keys = Files.copy(folder.resolve("user.pub"), folder.resolve("authorized"));
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
        Path settings = Files.writeString(
                folder.resolve("sshd_config"),
                """
                ListenAddress 127.0.0.1:%d
                HostKey %s
                AuthorizedKeysFile %s
                PidFile none
                UsePAM no
                StrictModes no
                PasswordAuthentication no
                """
                        .formatted(sshPort, folder.resolve("host"), keys));
        sshd = new ProcessBuilder(SSHD.toString(), "-D", "-e", "-f", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("sshd.log").toFile())
                .start();
        awaitListening();
    }

    @AfterEach
    void stopAll() throws Exception {
        if (sshd != null) {
            if (Files.isRegularFile(file)) {
                launcher().down();
            }
            sshd.destroyForcibly();
            sshd.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void copiesStartsAndStops() throws Exception {
        Path hostKey = Files.writeString(
                folder.resolve("known"), "[127.0.0.1]:" + sshPort + " " + Files.readString(folder.resolve("host.pub")));
        write("user", hostKey);

        Outcome up = Scripts.run(Map.of(), Scripts.home().resolve("bin/tandem-cluster"), "up", file.toString());
        assertThat(up.code()).as(up.err()).isZero();
        assertThat(up.err()).contains("a: copied the program", "a: measured at 127.0.0.1:" + memberPort);
        List<String> progress = new CopyOnWriteArrayList<>();
        MemberReport again = launcher().up((name, text) -> progress.add(text)).get(0);
        assertThat(again.state()).isEqualTo(MemberState.UP);
        assertThat(progress).doesNotContain("copied the program");
        List<String> log = new CopyOnWriteArrayList<>();
        assertThat(launcher().logs(ClusterFile.load(file).hosts(), 50, false, (name, line) -> log.add(line)))
                .isEmpty();
        assertThat(log).anyMatch(line -> line.contains("node a is up at"));

        assertThat(launcher().down().get(0).state()).isEqualTo(MemberState.STOPPED);
        assertThat(launcher().status().get(0).state()).isEqualTo(MemberState.DOWN);
    }

    @Test
    void saysThatAKeyOrAHostIsNotKnown() throws Exception {
        write("user", Files.createFile(folder.resolve("known")));
        assertThat(launcher().up((name, text) -> {}).get(0).reason()).contains("its host key is unknown");

        Path hostKey = Files.writeString(
                folder.resolve("known"), "[127.0.0.1]:" + sshPort + " " + Files.readString(folder.resolve("host.pub")));
        run(
                "ssh-keygen",
                "-q",
                "-t",
                "ed25519",
                "-N",
                "",
                "-f",
                folder.resolve("stranger").toString());
        write("stranger", hostKey);
        MemberReport refused = launcher().status().get(0);
        assertThat(refused.state()).isEqualTo(MemberState.UNREACHABLE);
        assertThat(refused.reason()).contains("does not accept any key", "ssh-copy-id");
    }

    private ClusterLauncher launcher() {
        return new ClusterLauncher(ClusterFile.load(file), Scripts.home());
    }

    private void write(String key, Path knownHosts) throws IOException {
        List<String> options = List.of(
                "-F",
                "none",
                "-p",
                Integer.toString(sshPort),
                "-i",
                folder.resolve(key).toString(),
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "UserKnownHostsFile=" + knownHosts,
                "-o",
                "GlobalKnownHostsFile=none",
                "-o",
                "IdentityAgent=none");
        file = Files.writeString(
                folder.resolve("board.conf"),
                "cluster { install = \"" + folder.resolve("board") + "\", ssh-options = [\""
                        + String.join("\", \"", options) + "\"]\n hosts = [ { destination = \""
                        + System.getProperty("user.name") + "@127.0.0.1\", name = a, port = " + memberPort
                        + ", java-home = \"" + System.getProperty("java.home") + "\" } ] }\n"
                        + "tandem.node { memory = 64MiB, core-groups = [ { name = cpu, cpus = [0] } ] }\n");
    }

    /** An sshd that this user or this machine cannot run is no failure of ours. */
    private void awaitListening() throws Exception {
        Process process = Objects.requireNonNull(sshd);
        for (int attempt = 0; attempt < 100; attempt++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), sshPort), 1_000);
                return;
            } catch (IOException e) {
                if (process.waitFor(50, TimeUnit.MILLISECONDS)) {
                    throw new TestAbortedException("sshd does not run here: "
                            + Files.readString(folder.resolve("sshd.log")).strip());
                }
            }
        }
        throw new AssertionError("sshd does not listen on port " + sshPort);
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }
}
