package dev.tandem.actors.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.fixture.TestPlans;
import dev.tandem.actors.gateway.GatewayMessages.Infer;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.RequestId;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.transport.TensorFrame;
import dev.tandem.core.plan.Plan;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is dealt when there is more to do than can be done in time. The one lane has room for two requests. */
@SuppressWarnings("NullAway.Init")
class RequestDeskTest extends GatewayCase {

    private RequestDesk desk;
    private GatewayEpoch epoch;
    private TestShard shard;

    @BeforeEach
    void open() {
        Plan plan = TestPlans.lanes("m", 1);
        shard = new TestShard(kit, gateway, 1, plan, 0);
        epoch = new GatewayEpoch(activation(1, plan, List.of(shard.ref())), LIMITS.frameBytes());
        desk = new RequestDesk(LIMITS, List.of(epoch));
    }

    @Test
    void refusesAtOnceWhatWouldBeAnsweredAfterItsDeadline() {
        answersEvery(10);
        for (int request = 0; request < 6; request++) {
            assertThat(desk.take(infer(65), epoch)).isTrue();
            desk.deal(epoch);
        }

        assertThat(desk.take(infer(65), epoch)).isFalse();

        assertFailed(
                ErrorCode.OVERLOADED,
                "after its deadline: 6 requests are before it, and with these it takes 70000 ms now");
        assertThat(desk.take(infer(75), epoch)).isTrue();
    }

    @Test
    void takesWhateverComesWhileNothingWaits() {
        answersEvery(10);

        for (int request = 0; request < 3; request++) {
            assertThat(desk.take(infer(5), epoch)).isTrue();
            desk.deal(epoch);
        }
        shard.next();
        shard.next();
    }

    @Test
    void doesNotBeginWhatHasBecomeTooLateInFrontOfWhatIsInTime() {
        desk.take(infer(65), epoch);
        desk.deal(epoch);
        shard.next();
        answersEvery(100);
        Infer inTime = infer(1000);

        desk.take(infer(65), epoch);
        desk.take(inTime, epoch);
        desk.deal(epoch);

        assertFailed(ErrorCode.DEADLINE_EXCEEDED, "1 requests are before it");
        TensorFrame dealt = shard.next();
        assertThat(dealt.header().request()).isEqualTo(inTime.request());
    }

    @Test
    void putsBackWhatALostLaneOwedInFrontOfWhatCameLater() {
        Infer first = infer(1000);
        Infer second = infer(1000);
        desk.take(first, epoch);
        desk.deal(epoch);
        List<PendingRequest> owed = epoch.unanswered();
        desk.take(second, epoch);
        desk.leaveTo(epoch);

        desk.queueAgain(owed, epoch);

        assertThat(epoch.backlog())
                .extracting(PendingRequest::request)
                .containsExactly(first.request(), second.request());
    }

    private void answersEvery(long seconds) {
        for (int answer = 0; answer < 20; answer++) {
            epoch.pace().answered(TimeUnit.SECONDS.toNanos(answer * seconds), true, 0);
        }
    }

    private Infer infer(int secondsLeft) {
        Tensor input = Tensor.ofFloats("input", List.of(1, 4), new float[] {1, 0, 0, 0});
        long deadline = System.currentTimeMillis() + TimeUnit.SECONDS.toMillis(secondsLeft);
        return new Infer(RequestId.random(), List.of(input), deadline, client.ref());
    }
}
