package org.keeplora.distributed;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A time limit for calls that may never return, such as those into a library that waits for another process. */
final class TimeLimit {
    private TimeLimit() {}

    /**
     * The result of {@code call}. Beyond the limit the call goes on, in a thread that does not keep the process alive.
     *
     * @param thread name of the thread that makes the call
     * @throws ExecutionException with what the call threw
     */
    static <T> T within(Duration limit, String thread, Callable<T> call)
            throws InterruptedException, ExecutionException, TimeoutException {
        ExecutorService calling = Executors.newSingleThreadExecutor(task -> {
            Thread caller = new Thread(task, thread);
            caller.setDaemon(true);
            return caller;
        });
        try {
            return calling.submit(call).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            calling.shutdownNow();
        }
    }
}
