package org.keeplora.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.data.Batches;
import org.keeplora.distributed.Accumulator;
import org.keeplora.distributed.LocalBatch;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.Precision;
import org.keeplora.torch.Tensors;

/**
 * Learning without forgetting (Li and Hoiem 2016) with standard LoRA. The teacher is the frozen pre-trained model. The
 * loss gets T²·cross-entropy(softmax(teacher/T), softmax(student/T)) over the task's classes, T = 2.
 *
 * <p>Images are not augmented, so the teacher's answers are computed once per task. Adapters change only the sites'
 * weights, so the teacher is the model with the pre-trained values of those weights restored.
 */
final class DistilledLora implements ContinualMethod {
    private static final double TEMPERATURE = 2;
    private static final String TEACHER = "teacher";

    private final StandardLora lora;
    private final ClipModel model;
    private final ComputeContext context;
    private final int batchSize;
    private final Map<Site, Tensor> pretrained = new LinkedHashMap<>();
    private Tensor teacher;

    DistilledLora(ClipModel model, ComputeContext context, RunSettings settings) {
        this.model = model;
        this.context = context;
        this.lora = new StandardLora(model, settings);
        this.batchSize = settings.training().batchSize();
        try (PointerScope scope = new PointerScope()) {
            model.sites()
                    .forEach(site ->
                            pretrained.put(site, Tensors.keep(model.weight(site).clone())));
        }
    }

    @Override
    public Map<Site, Adapter> start(TaskData task) {
        forgetTeacher();
        teacher = answers(task);
        return lora.start(task);
    }

    /** softmax(teacher/T) of every training image [n x classes]. */
    private Tensor answers(TaskData task) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Map<Site, Tensor> current = new LinkedHashMap<>();
            model.sites().forEach(site -> current.put(site, model.weight(site).clone()));
            try {
                pretrained.forEach((site, weight) -> model.weight(site).copy_(weight));
                return Tensors.keep(allAnswers(task));
            } finally {
                current.forEach((site, weight) -> model.weight(site).copy_(weight));
            }
        }
    }

    /** All rows: the sum over processes of this process's rows, with zeros for the rows of others. */
    private Tensor allAnswers(TaskData task) {
        Objective objective = new Objective(model, Precision.FLOAT32, context.processGroup());
        int classes = task.prompts().cut().endOfText().length;
        int images = task.images().size();
        Tensor all = model.device().move(Tensors.ofFloats(new float[images * classes], images, classes));
        Tensor texts = objective.texts(task).await();
        Accumulator rows = new Accumulator() {
            @Override
            public void add(LocalBatch batch) {
                Tensor logits = objective.logits(task, () -> texts, batch.items());
                Tensor answers = logits.div(new Scalar(TEMPERATURE)).softmax(1);
                all.index_copy_(0, Tensors.beside(all, Tensors.ofInts(batch.items())), answers);
            }

            @Override
            public List<Tensor> take() {
                Tensor term = all.clone();
                all.zero_();
                return List.of(term);
            }
        };
        return context.sum(task.name() + " teacher", Batches.inOrder(images, batchSize), rows)
                .get(0);
    }

    @Override
    public Tensor penalized(Tensor loss, Tensor logits, int[] batch) {
        Tensor target = teacher.index_select(0, Tensors.beside(teacher, Tensors.ofInts(batch)));
        Tensor student = logits.div(new Scalar(TEMPERATURE)).log_softmax(1);
        Tensor distance = target.mul(student).sum().mul(new Scalar(-TEMPERATURE * TEMPERATURE / batch.length));
        return loss.add(distance);
    }

    @Override
    public List<NamedArray> state() {
        return teacher == null
                ? List.of()
                : List.of(NamedArray.of(TEACHER, Tensors.shape(teacher), Tensors.floats(teacher)));
    }

    @Override
    public void restore(ArraySource stored) {
        forgetTeacher();
        if (stored.names().contains(TEACHER)) {
            NamedArray answers = stored.get(TEACHER);
            teacher = Tensors.keep(model.device().move(Tensors.ofFloats(answers.toFloats(), answers.shape())));
        }
    }

    private void forgetTeacher() {
        if (teacher != null) {
            teacher.close();
            teacher = null;
        }
    }

    @Override
    public void close() {
        forgetTeacher();
        pretrained.values().forEach(Tensor::close);
    }
}
