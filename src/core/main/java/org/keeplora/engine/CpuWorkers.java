package org.keeplora.engine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;

/**
 * The threads of one backend: the caller and others, which sleep while idle. The caller does whatever they do not take,
 * so it never waits for a task that has not begun, and a task may hand out tasks of its own.
 *
 * <p>A sleeping thread takes 35 to 150 µs to wake. So a thread that has nothing to do looks for tasks a little longer
 * before it sleeps: the steps of an operation, and operations in sequence, find it awake. It sleeps at once if there
 * are more threads than processors, as looking would then keep a processor from the others.
 */
final class CpuWorkers implements AutoCloseable {
    private static final long LOOKS_NANOS = 100_000;

    private final int threads;
    /** How long a thread looks for tasks, or for the end of tasks, before it sleeps. */
    private final long looksNanos;

    private final ExecutorService others;

    CpuWorkers(int threads) {
        this.threads = threads;
        this.looksNanos = threads <= Runtime.getRuntime().availableProcessors() ? LOOKS_NANOS : 0;
        int number = Math.max(1, threads - 1);
        this.others = new ThreadPoolExecutor(number, number, 0, TimeUnit.SECONDS, new Waiting(), task -> {
            Thread thread = new Thread(task, "keeplora-linalg");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Tasks that wait for a thread. */
    @SuppressWarnings("serial") // never serialised
    private final class Waiting extends LinkedBlockingQueue<Runnable> {
        @Override
        public Runnable take() throws InterruptedException {
            long end = System.nanoTime() + looksNanos;
            do {
                Runnable task = poll();
                if (task != null) {
                    return task;
                }
                Thread.onSpinWait();
            } while (System.nanoTime() < end);
            return super.take();
        }
    }

    int count() {
        return threads;
    }

    /**
     * Runs tasks 0 to {@code tasks} - 1 and returns when all have ended, also when the caller is interrupted meanwhile.
     *
     * @throws RuntimeException the failure of the first task that failed; those of later ones are suppressed in it
     */
    void run(int tasks, IntConsumer task) {
        if (tasks == 1) {
            task.accept(0);
            return;
        }
        Job job = new Job(tasks, task);
        try {
            for (int i = 1; i < Math.min(threads, tasks); i++) {
                others.execute(job);
            }
        } finally {
            job.run();
            job.awaitEnd();
        }
        job.throwFailures();
    }

    @Override
    public void close() {
        others.shutdown();
    }

    /** Tasks that several threads take from, in order. */
    private final class Job implements Runnable {
        private final int tasks;
        private final IntConsumer task;
        private final AtomicInteger next = new AtomicInteger();
        private final CountDownLatch left;
        private final AtomicReferenceArray<Throwable> failures;

        Job(int tasks, IntConsumer task) {
            this.tasks = tasks;
            this.task = task;
            this.left = new CountDownLatch(tasks);
            this.failures = new AtomicReferenceArray<>(tasks);
        }

        @Override
        public void run() {
            for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) {
                try {
                    task.accept(i);
                } catch (Throwable e) { // thrown to the caller
                    failures.set(i, e);
                } finally {
                    left.countDown();
                }
            }
        }

        void awaitEnd() {
            long end = System.nanoTime() + looksNanos;
            while (left.getCount() > 0 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            boolean interrupted = false;
            while (left.getCount() > 0) {
                try {
                    left.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        void throwFailures() {
            Throwable first = null;
            for (int i = 0; i < tasks; i++) {
                Throwable next = failures.get(i);
                if (first == null) {
                    first = next;
                } else if (next != null && next != first) {
                    first.addSuppressed(next);
                }
            }
            if (first instanceof Error error) {
                throw error;
            }
            if (first != null) {
                throw (RuntimeException) first; // an IntConsumer throws nothing checked
            }
        }
    }
}
