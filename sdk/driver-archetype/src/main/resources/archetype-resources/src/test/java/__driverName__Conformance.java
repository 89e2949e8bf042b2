package ${package};

import java.io.IOException;
import org.nxvms.driver.tck.DriverConformance;
import org.nxvms.driver.tck.device.SimulatedDevices;
import org.nxvms.driver.tck.device.TestDevices;
import org.nxvms.simulator.vapix.VapixDialect;

/** The driver keeps the contract, on simulated cameras. */
class ${driverName}Conformance extends DriverConformance {
    @Override
    protected TestDevices devices() throws IOException {
        return SimulatedDevices.speaking("VAPIX", VapixDialect::new);
    }
}
