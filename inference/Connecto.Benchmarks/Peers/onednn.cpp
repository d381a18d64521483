// oneDNN's dense kernels. Weights are reordered once into the format that the library prefers; a reorder of
// activations is part of the run. Where the library has only its reference code for a problem, the kernel does not
// apply: that would be no peer.
#include "peer.h"
#include <oneapi/dnnl/dnnl.hpp>
#include <omp.h>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#if DNNL_VERSION_MAJOR != 2
#error "oneDNN 2.x is needed"
#endif

using namespace dnnl;
using dims = memory::dims;
using type = memory::data_type;
using tag = memory::format_tag;

namespace {

const prop_kind inference = prop_kind::forward_inference;

struct Kernel {
    engine cpu{engine::kind::cpu, 0};
    stream queue{cpu};
    std::vector<std::pair<primitive, std::unordered_map<int, memory>>> steps;
    memory source, target;
    int threads = 1;
    bool columns = false;

    virtual ~Kernel() = default;

    virtual void run(const void* rows, const void* cols, void* y) {
        omp_set_num_threads(threads);
        source.set_data_handle(const_cast<void*>(columns ? cols : rows));
        target.set_data_handle(y);
        for (auto& step : steps) step.first.execute(queue, step.second);
        queue.wait();
    }

    memory at(const memory::desc& desc) { return memory(desc, cpu, nullptr); }

    memory packed(const memory::desc& from, const memory::desc& to, const void* data) {
        memory given(from, cpu, const_cast<void*>(data)), kept(to, cpu);
        reorder(given, kept).execute(queue, given, kept);
        queue.wait();
        return kept;
    }

    void add_reorder(memory& from, memory& to) {
        steps.push_back({reorder(from, to), {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}}});
    }
};

struct Sgemm final : Kernel {
    PeerProblem p;
    void run(const void* rows, const void*, void* y) override {
        omp_set_num_threads(threads);
        dnnl_sgemm('N', 'N', p.m, p.n, p.k, 1, static_cast<const float*>(p.weights), p.k,
                   static_cast<const float*>(rows), p.n, 0, static_cast<float*>(y), p.n);
    }
};

template <class Description> bool is_reference(const Description& d) {
    return std::strstr(d.impl_info_str(), "ref") != nullptr;
}

type activations(const PeerProblem& p) { return p.precision == fp32 ? type::f32 : type::u8; }
type weights(const PeerProblem& p) { return p.precision == fp32 ? type::f32 : type::s8; }
type results(const PeerProblem& p) { return p.precision == fp32 ? type::f32 : type::s32; }

Kernel* sgemm(const PeerProblem& p) {
    if (p.precision != fp32 || p.kernel != 1) return nullptr;
    auto kernel = new Sgemm;
    kernel->p = p;
    return kernel;
}

// Transposed, y' = x' W', so that the weights are the operand that the library may pack.
Kernel* product_of(const PeerProblem& p) {
    if (p.kernel != 1) return nullptr;
    auto kernel = std::unique_ptr<Kernel>(new Kernel);
    kernel->columns = true;
    memory::desc x({p.n, p.k}, activations(p), tag::ab), w({p.k, p.m}, weights(p), tag::any), y({p.n, p.m}, results(p), tag::ab);
    matmul::primitive_desc pd(matmul::desc(x, w, y), kernel->cpu);
    if (is_reference(pd)) return nullptr;
    auto kept = kernel->packed(memory::desc({p.k, p.m}, weights(p), tag::ba), pd.weights_desc(), p.weights);
    kernel->source = kernel->at(x);
    kernel->target = kernel->at(y);
    kernel->steps.push_back({matmul(pd), {{DNNL_ARG_SRC, kernel->source}, {DNNL_ARG_WEIGHTS, kept}, {DNNL_ARG_DST, kernel->target}}});
    return kernel.release();
}

Kernel* inner(const PeerProblem& p) {
    if (p.kernel != 1) return nullptr;
    auto kernel = std::unique_ptr<Kernel>(new Kernel);
    kernel->columns = true;
    memory::desc x({p.n, p.k}, activations(p), tag::ab), w({p.m, p.k}, weights(p), tag::any), y({p.n, p.m}, results(p), tag::ab);
    inner_product_forward::primitive_desc pd(inner_product_forward::desc(inference, x, w, y), kernel->cpu);
    if (is_reference(pd)) return nullptr;
    auto kept = kernel->packed(memory::desc({p.m, p.k}, weights(p), tag::ab), pd.weights_desc(), p.weights);
    kernel->source = kernel->at(x);
    kernel->target = kernel->at(y);
    kernel->steps.push_back({inner_product_forward(pd), {{DNNL_ARG_SRC, kernel->source}, {DNNL_ARG_WEIGHTS, kept}, {DNNL_ARG_DST, kernel->target}}});
    return kernel.release();
}

// In rows (nchw) the library chooses its blocked formats and both reorders are timed; in columns (nhwc) it works on
// the planes as they are.
Kernel* convolution_of(const PeerProblem& p, algorithm how, bool columns) {
    if (p.kind != convolution || (p.precision == u8s8 && !columns)) return nullptr;
    auto kernel = std::unique_ptr<Kernel>(new Kernel);
    kernel->columns = columns;
    dims xs{1, p.channels, p.height, p.width}, ws{p.m, p.channels, p.kernel, p.kernel}, ys{1, p.m, p.height, p.width};
    dims stride{1, 1}, padding{p.kernel / 2, p.kernel / 2};
    auto plain = columns ? tag::nhwc : tag::nchw, inside = columns ? tag::nhwc : tag::any;
    memory::desc x(xs, activations(p), inside), w(ws, weights(p), tag::any), y(ys, results(p), inside);
    convolution_forward::primitive_desc pd(convolution_forward::desc(inference, how, x, w, y, stride, padding, padding), kernel->cpu);
    if (is_reference(pd)) return nullptr;
    auto kept = kernel->packed(memory::desc(ws, weights(p), tag::oihw), pd.weights_desc(), p.weights);
    auto source = kernel->source = kernel->at(memory::desc(xs, activations(p), plain));
    auto target = kernel->target = kernel->at(memory::desc(ys, results(p), plain));
    if (pd.src_desc() != source.get_desc()) {
        source = memory(pd.src_desc(), kernel->cpu);
        kernel->add_reorder(kernel->source, source);
    }
    if (pd.dst_desc() != target.get_desc()) target = memory(pd.dst_desc(), kernel->cpu);
    kernel->steps.push_back({convolution_forward(pd), {{DNNL_ARG_SRC, source}, {DNNL_ARG_WEIGHTS, kept}, {DNNL_ARG_DST, target}}});
    if (pd.dst_desc() != kernel->target.get_desc()) kernel->add_reorder(target, kernel->target);
    return kernel.release();
}

Kernel* direct_rows(const PeerProblem& p) { return convolution_of(p, algorithm::convolution_direct, false); }
Kernel* direct_columns(const PeerProblem& p) { return convolution_of(p, algorithm::convolution_direct, true); }
Kernel* winograd(const PeerProblem& p) {
    return p.kernel == 3 && p.precision == fp32 ? convolution_of(p, algorithm::convolution_winograd, false) : nullptr;
}

struct Entry {
    const char *name, *group;
    Kernel* (*create)(const PeerProblem&);
};

const Entry entries[] = {
    {"oneDNN gemm", "dense", sgemm},
    {"oneDNN matmul", "dense", product_of},
    {"oneDNN inner product", "dense", inner},
    {"oneDNN conv nchw", "dense", direct_rows},
    {"oneDNN conv nhwc", "dense", direct_columns},
    {"oneDNN winograd", "winograd", winograd},
};
const int count = sizeof entries / sizeof *entries;

}

const char* peer_library() {
    static const std::string text = "oneDNN " + std::to_string(version()->major) + "." +
        std::to_string(version()->minor) + "." + std::to_string(version()->patch);
    return text.c_str();
}

const char* peer_name(int32_t i) { return i < count ? entries[i].name : nullptr; }

const char* peer_group(int32_t i) { return i < count ? entries[i].group : nullptr; }

void* peer_create(int32_t i, const PeerProblem* problem, char* message, int32_t message_size) {
    message[0] = 0;
    try {
        omp_set_num_threads(problem->threads);
        auto kernel = entries[i].create(*problem);
        if (kernel) kernel->threads = problem->threads;
        return kernel;
    } catch (const dnnl::error& e) {
        // "Unimplemented" is the library's way to say that it has no such kernel.
        if (e.status != dnnl_unimplemented) std::snprintf(message, message_size, "%s", e.what());
        return nullptr;
    } catch (const std::exception& e) {
        std::snprintf(message, message_size, "%s", e.what());
        return nullptr;
    }
}

int32_t peer_reads_columns(void* kernel) { return static_cast<Kernel*>(kernel)->columns; }

int32_t peer_run(void* kernel, const void* x_rows, const void* x_columns, void* y, char* message, int32_t message_size) {
    try {
        static_cast<Kernel*>(kernel)->run(x_rows, x_columns, y);
        return 0;
    } catch (const std::exception& e) {
        std::snprintf(message, message_size, "%s", e.what());
        return 1;
    }
}

void peer_free(void* kernel) { delete static_cast<Kernel*>(kernel); }
