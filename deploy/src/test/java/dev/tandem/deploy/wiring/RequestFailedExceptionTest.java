package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.protocol.ErrorCode;
import org.junit.jupiter.api.Test;

class RequestFailedExceptionTest {

    @Test
    void saysWhyWithoutTheCostOfAStackTrace() {
        RequestFailedException failure = new RequestFailedException(ErrorCode.OVERLOADED, "queue is full");

        assertThat(failure).hasMessage("request failed (OVERLOADED): queue is full");
        assertThat(failure.getStackTrace()).isEmpty();
    }
}
