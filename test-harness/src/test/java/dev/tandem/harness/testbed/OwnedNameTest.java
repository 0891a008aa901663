package dev.tandem.harness.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnedNameTest {

    @Test
    void readsItsOwnForm() {
        OwnedName own = OwnedName.own("a");

        assertThat(OwnedName.parse(own.toString())).contains(own);
        assertThat(own.pid()).isEqualTo(ProcessHandle.current().pid());
    }

    @Test
    void leavesNamesOfOthersAlone() {
        for (String other :
                new String[] {"", "blue", "tandem-bed", "tandem-bed-1-2", "xtandem-bed-1-2-a", "tandem-bed-1-2-a/b"}) {
            assertThat(OwnedName.parse(other)).as(other).isEmpty();
        }
    }

    @Test
    void tellsALivingOwnerFromALaterProcessWithItsNumber() {
        OwnedName own = OwnedName.own("a");

        assertThat(own.isAbandoned()).isFalse();
        assertThat(new OwnedName(own.pid(), own.startTicks() - 1, "a").isAbandoned())
                .isTrue();
        assertThat(new OwnedName(4_000_000_000L, 1, "a").isAbandoned()).isTrue();
    }
}
