package dev.tandem.deploy.cli;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StopRequestTest {

    @Test
    void takesAnEndThatNobodyAskedForAsFailure() {
        try (StopRequest stop = StopRequest.watch()) {
            assertThatThrownBy(() -> stop.requireAsked("node big"))
                    .hasMessageContaining("node big has left the cluster without being asked to")
                    .extracting(Failures::exitCode)
                    .isEqualTo(ExitCode.RUNTIME_ERROR);
        }
    }

    @Test
    void takesAnEndThatSomeoneAskedForAsOrder() {
        try (StopRequest stop = StopRequest.watch()) {
            stop.ask();

            assertThatCode(() -> stop.requireAsked("node big")).doesNotThrowAnyException();
        }
    }
}
