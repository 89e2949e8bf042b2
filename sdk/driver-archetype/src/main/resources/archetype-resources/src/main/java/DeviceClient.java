package ${package};

import java.net.http.HttpClient;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/** The JDK's HTTP client with threads that can be ended; no redirects, which would carry the login elsewhere. */
final class DeviceClient implements AutoCloseable {
    private static final int WORKERS = 2;

    private ExecutorService workers;
    private HttpClient client;
    private boolean closed;

    synchronized HttpClient get() throws DriverException {
        if (closed) {
            throw new DriverException(Kind.CLOSED, "The driver has been stopped.");
        }
        if (client == null) {
            workers = Executors.newFixedThreadPool(WORKERS, task -> {
                Thread thread = new Thread(task, "${driverId}-http");
                thread.setDaemon(true);
                return thread;
            });
            client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .executor(workers)
                    .build();
        }
        return client;
    }

    @Override
    public synchronized void close() {
        closed = true;
        client = null;
        if (workers != null) {
            workers.shutdownNow();
        }
    }
}
