package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedCheckTest {

    @Test
    void leavesOutWhereNothingListens() throws IOException {
        HostPort own = wasOpen();
        HostPort gone = wasOpen();
        try (ServerSocket silent = open()) {
            HostPort there = address(silent);

            assertThat(SeedCheck.worthWaitingFor(List.of(own, gone, there), own))
                    .containsExactly(own, there);
        }
    }

    private static HostPort wasOpen() throws IOException {
        try (ServerSocket socket = open()) {
            return address(socket);
        }
    }

    private static ServerSocket open() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static HostPort address(ServerSocket socket) {
        return new HostPort(socket.getInetAddress().getHostAddress(), socket.getLocalPort());
    }
}
