package org.keeplora.engine;

import static org.bytedeco.cuda.global.cudart.cudaEventCreateWithFlags;
import static org.bytedeco.cuda.global.cudart.cudaEventDestroy;
import static org.bytedeco.cuda.global.cudart.cudaEventDisableTiming;
import static org.bytedeco.cuda.global.cudart.cudaEventRecord;
import static org.bytedeco.cuda.global.cudart.cudaStreamWaitEvent;

import org.bytedeco.cuda.cudart.CUevent_st;
import org.bytedeco.cuda.cudart.CUstream_st;

/** The order of work on two streams of the first GPU. The host waits for neither. */
final class CudaOrder implements AutoCloseable {
    private final CUevent_st event = new CUevent_st();

    CudaOrder() {
        Cuda.check("cudaEventCreateWithFlags", cudaEventCreateWithFlags(event, cudaEventDisableTiming));
    }

    /** What is enqueued on {@code later} from now on runs after what is on {@code earlier} now. */
    void set(CUstream_st earlier, CUstream_st later) {
        Cuda.check("cudaEventRecord", cudaEventRecord(event, earlier));
        Cuda.check("cudaStreamWaitEvent", cudaStreamWaitEvent(later, event, 0));
    }

    @Override
    public void close() {
        cudaEventDestroy(event);
    }
}
