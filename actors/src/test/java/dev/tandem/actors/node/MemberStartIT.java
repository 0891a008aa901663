package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.transport.Tethers;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.inference.runtime.ExecutionProvider;
import dev.tandem.inference.runtime.Providers;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a member that cannot start or join says; real sockets, real actor systems. */
class MemberStartIT {

    @Test
    void namesThePortThatIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            LoadedSettings loaded = settings("tandem.network.port = " + taken.getLocalPort());

            assertThatThrownBy(() -> Member.start(loaded, Member.NODE_ROLE, "1.0"))
                    .isInstanceOf(MemberStartException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1 port " + taken.getLocalPort())
                    .hasMessageContaining("--port");
        }
    }

    @Test
    void namesTheControlGroupThatIsNotThere() throws IOException {
        LoadedSettings loaded = settings("tandem.node.core-groups ="
                + " [ { name = big, cpus = [0], control-groups = [\"/absent/control/group\"] } ]");

        assertThatThrownBy(() -> MemberNode.start(loaded, "1.0"))
                .isInstanceOf(MemberStartException.class)
                .hasMessageContaining("/absent/control/group of core group big");
    }

    @Test
    void namesTheProviderThatIsNotThere() {
        assumeFalse(Providers.builtIn().contains(ExecutionProvider.CUDA), "this ONNX Runtime has CUDA");
        LoadedSettings loaded = settings("tandem.node.core-groups = [ { name = gpu0, provider = cuda } ]");

        assertThatThrownBy(() -> MemberNode.start(loaded, "1.0"))
                .isInstanceOf(MemberStartException.class)
                .hasMessageContaining("core group gpu0 cannot compute with provider cuda");
    }

    @Test
    void namesTheSeedThatNeverAnswers() throws IOException {
        int silent;
        try (ServerSocket closedSoon = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            silent = closedSoon.getLocalPort();
        }
        LoadedSettings loaded =
                settings("tandem.network { seeds = [\"127.0.0.1:" + silent + "\"], join-timeout = 2s }");
        Member member = Member.start(loaded, Member.NODE_ROLE, "1.0");

        assertThatThrownBy(() -> member.join(loaded.settings().network().seeds()))
                .isInstanceOf(MemberStartException.class)
                .hasMessageContaining("127.0.0.1:" + silent)
                .hasMessageContaining("2000 ms");
    }

    @Test
    void refusesMemberOfAnotherVersionAndNamesBoth() throws Exception {
        LoadedSettings first = settings("");
        Member seed = Member.start(first, Member.NODE_ROLE, "1.0");
        seed.join(List.of());
        LoadedSettings second = settings("tandem.network { seeds = [\"" + seed.address() + "\"], join-timeout = 5s }");
        Member stranger = Member.start(second, Member.NODE_ROLE, "2.0");

        assertThatThrownBy(() -> stranger.join(second.settings().network().seeds()))
                .isInstanceOf(MemberStartException.class)
                .hasMessageContaining("version")
                .hasMessageContaining("2.0")
                .hasMessageContaining("1.0");
        seed.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void leavesWithinTwoSeconds() throws Exception {
        LoadedSettings loaded = settings("");
        Member alone = Member.start(loaded, Member.NODE_ROLE, "1.0");
        alone.join(List.of());

        long start = System.nanoTime();
        alone.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void fallsSilentWhenItsSystemEndsByItself() throws Exception {
        LoadedSettings loaded = settings("");
        Member member = Member.start(loaded, Member.NODE_ROLE, "1.0");
        Tethers.Identity identity = new Tethers.Identity(Member.SYSTEM_NAME, "1.0", "a");
        TetherHub hub = TetherHub.open(identity, loaded.settings().network(), member);
        int port = hub.address().port();
        try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), port)) {
            peer.setSoTimeout(1_500);

            member.system().terminate();
            member.terminated().toCompletableFuture().get(10, TimeUnit.SECONDS);

            peer.getInputStream().transferTo(OutputStream.nullOutputStream());
        }
    }

    private static LoadedSettings settings(String more) {
        return SettingsLoader.load(Optional.empty(), ConfigFactory.parseString(more));
    }
}
