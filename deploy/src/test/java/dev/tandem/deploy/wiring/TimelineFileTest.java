package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class TimelineFileTest {

    /** A device without space. */
    private static final class FullDevice extends OutputStream {
        private boolean isClosed;

        @Override
        public void write(int value) throws IOException {
            throw new IOException("no space left");
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    @Test
    void closesItsStreamWhenTheHeaderCannotBeWritten() {
        FullDevice device = new FullDevice();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> TimelineFile.begin(device))
                .withMessage("no space left");
        assertThat(device.isClosed).isTrue();
    }
}
