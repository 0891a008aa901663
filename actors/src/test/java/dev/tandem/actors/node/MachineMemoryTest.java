package dev.tandem.actors.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineMemoryTest {

    @Test
    void leavesALargeMachineFourTenths() {
        assertThat(MachineMemory.usableBytes(10L << 30)).isEqualTo(6L << 30);
    }

    @Test
    void leavesASmallMachineWhatTheMemberItselfNeeds() {
        assertThat(MachineMemory.usableBytes(256L << 20)).isEqualTo(86L << 20);
    }

    @Test
    void offersNextToNothingWhereTheMemberHardlyFits() {
        assertThat(MachineMemory.usableBytes(128L << 20)).isEqualTo(1L << 20);
    }

    @Test
    void measuresThisMachine() {
        assertThat(MachineMemory.usableBytes()).isPositive();
    }
}
