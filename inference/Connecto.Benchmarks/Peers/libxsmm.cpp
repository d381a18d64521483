// libxsmm's generated sparse x dense kernels. The weights are cut into blocks of rows whose code the library can
// hold; one kernel multiplies its rows with a panel of 16 to 448 columns. A thread packs one panel, the windows of a
// 3x3 convolution among it, and multiplies it while it is in the cache; both are part of the run. Where one panel
// holds all columns, activations are read in place and threads share the blocks.
#include "peer.h"
#include <libxsmm.h>
#include <omp.h>
#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

namespace {

const int lanes = 16;             // floats of one vector
const int code_bytes = 128 << 10; // what the library's generator can hold
const int bytes_per_step = 12;    // of one multiply-add with its address, at most

struct Block {
    libxsmm_smmfunction run;
    int row, first;
};

struct Kernel {
    PeerProblem p;
    int width; // vectors of a panel
    std::vector<Block> blocks;
    std::vector<int> empty; // rows without a weight, which the library's kernels do not write
    float* panels = nullptr; // [threads][k][columns of a panel]

    ~Kernel() {
        for (auto& block : blocks) libxsmm_release_kernel(reinterpret_cast<const void*>(block.run));
        libxsmm_free(panels);
    }

    void run(const float* x, float* y) const {
        const int wide = lanes * width, strips = p.n / wide, count = static_cast<int>(blocks.size());
        if (!panels) {
            #pragma omp parallel for num_threads(p.threads) schedule(static)
            for (int b = 0; b < count; b++) multiply(blocks[b], x, y);
            clear(y);
            return;
        }
        #pragma omp parallel for num_threads(p.threads) schedule(static)
        for (int s = 0; s < strips; s++) {
            float* panel = panels + static_cast<size_t>(omp_get_thread_num()) * p.k * wide;
            for (int row = 0; row < p.k; row++) pack(row, s * wide, wide, x, panel + static_cast<size_t>(row) * wide);
            for (const auto& block : blocks) multiply(block, panel, y + static_cast<size_t>(s) * wide);
            clear(y + static_cast<size_t>(s) * wide);
        }
    }

    void multiply(const Block& block, const float* x, float* y) const {
        block.run(p.values + block.first, x, y + static_cast<size_t>(block.row) * p.n);
    }

    void clear(float* y) const {
        for (int row : empty) std::memset(y + static_cast<size_t>(row) * p.n, 0, sizeof(float) * lanes * width);
    }

    // Row k of the product is one channel, shifted by its place in the window; outside the plane everything is 0.
    void pack(int row, int column, int count, const float* x, float* to) const {
        const int area = p.kernel * p.kernel, reach = p.kernel / 2;
        const float* plane = x + static_cast<size_t>(row / area) * p.n;
        if (p.kernel == 1) {
            std::memcpy(to, plane + column, sizeof(float) * count);
            return;
        }
        const int dy = row % area / p.kernel - reach, dx = row % p.kernel - reach;
        std::memset(to, 0, sizeof(float) * count);
        for (int i = column / p.width; i * p.width < column + count; i++) {
            if (i + dy < 0 || i + dy >= p.height) continue;
            const int line = i * p.width;
            const int begin = std::max(column, line + std::max(0, -dx));
            const int end = std::min(column + count, line + p.width - std::max(0, dx));
            if (begin < end) std::memcpy(to + begin - column, plane + dy * p.width + dx + begin, sizeof(float) * (end - begin));
        }
    }
};

bool add_block(Kernel& kernel, int begin, int end) {
    const PeerProblem& p = kernel.p;
    const int first = p.row_starts[begin];
    std::vector<unsigned> starts, columns(p.columns + first, p.columns + p.row_starts[end]);
    for (int row = begin; row <= end; row++) starts.push_back(p.row_starts[row] - first);
    libxsmm_descriptor_blob blob;
    auto descriptor = libxsmm_gemm_descriptor_init(&blob, LIBXSMM_GEMM_PRECISION_F32, end - begin, kernel.width, p.k,
        0, kernel.panels ? kernel.width : p.n / lanes, p.n / lanes, nullptr, nullptr, LIBXSMM_GEMM_FLAG_BETA_0, LIBXSMM_GEMM_PREFETCH_NONE);
    if (!descriptor) return false;
    auto code = libxsmm_create_xcsr_soa(descriptor, starts.data(), columns.data(), p.values + first, lanes);
    if (!code.smm) return false;
    kernel.blocks.push_back({code.smm, begin, first});
    return true;
}

Kernel* create(const PeerProblem& p, int width) {
    const int vectors = p.n / lanes;
    if (p.precision != fp32 || p.n % lanes || p.row_starts[p.m] == 0) return nullptr;
    while (vectors % width) width--;
    auto kernel = std::make_unique<Kernel>();
    kernel->p = p;
    kernel->width = width;
    if (p.kernel > 1 || vectors != width)
        kernel->panels = static_cast<float*>(libxsmm_aligned_malloc(sizeof(float) * p.threads * p.k * lanes * width, 64));
    for (int row = 0; row < p.m; row++)
        if (p.row_starts[row] == p.row_starts[row + 1]) kernel->empty.push_back(row);
    const int most = code_bytes / bytes_per_step / (width + 1);
    for (int begin = 0; begin < p.m;) {
        int end = begin + 1;
        auto steps = [&](int e) { return p.row_starts[e] - p.row_starts[begin] + 2 * (e - begin); };
        while (end < p.m && steps(end + 1) <= most) end++;
        if (steps(end) > most || !add_block(*kernel, begin, end)) return nullptr;
        begin = end;
    }
    return kernel.release();
}

struct Entry {
    const char* name;
    int width;
};

const Entry entries[] = {
    {"libxsmm packed 32", 2},
    {"libxsmm packed 64", 4},
    {"libxsmm packed 128", 8},
};
const int count = sizeof entries / sizeof *entries;

}

const char* peer_library() { return "libxsmm " LIBXSMM_VERSION; }

const char* peer_name(int32_t i) { return i < count ? entries[i].name : nullptr; }

const char* peer_group(int32_t i) { return i < count ? "sparse" : nullptr; }

void* peer_create(int32_t i, const PeerProblem* problem, char* message, int32_t) {
    message[0] = 0;
    libxsmm_init();
    return create(*problem, entries[i].width);
}

int32_t peer_reads_columns(void*) { return 0; }

int32_t peer_run(void* kernel, const void* x_rows, const void*, void* y, char*, int32_t) {
    static_cast<Kernel*>(kernel)->run(static_cast<const float*>(x_rows), static_cast<float*>(y));
    return 0;
}

void peer_free(void* kernel) { delete static_cast<Kernel*>(kernel); }
