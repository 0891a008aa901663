package dev.tandem.actors.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

class TetherTest {

    @Test
    void forgivesNoMoreSilenceThanThereWas() throws IOException {
        try (Selector selector = Selector.open();
                SocketChannel channel = SocketChannel.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            Tether tether = new Tether(channel, key, "node", 100);

            tether.forgive(10, 130);
            assertThat(tether.silentNanos(130)).isEqualTo(20);
            tether.forgive(50, 130);
            assertThat(tether.silentNanos(130)).isZero();
        }
    }
}
