// What every peer library answers, so that its kernels and Connecto's are timed by one clock in one process.
// A library is one source file; it exports the functions below and nothing else.
#pragma once
#include <cstdint>

enum PeerKind : int32_t { product = 0, convolution = 1 };
enum PeerPrecision : int32_t { fp32 = 0, u8s8 = 1 };

// y = W x. W is [m][k]; a convolution has k = channels * kernel * kernel (oihw), n = height * width, stride 1,
// zero padding "same". The pointers live until the kernel is freed.
struct PeerProblem {
    int32_t kind, precision, threads, m, k, n, channels, kernel, height, width;
    const void* weights;         // dense [m][k], float or int8_t, zeros included
    const int32_t* row_starts;   // the same weights, compressed: m + 1 places
    const int32_t* columns;
    const float* values;
};

#define PEER extern "C" __attribute__((visibility("default")))

// The library's name and version.
PEER const char* peer_library();

// Name of kernel i, or null past the last one.
PEER const char* peer_name(int32_t i);

// What a kernel is compared as: "dense", "winograd" or "sparse".
PEER const char* peer_group(int32_t i);

// Prepares kernel i: weights are packed here and are not timed. Null where it does not apply to the problem, with
// an empty message, or where it failed, with one.
PEER void* peer_create(int32_t i, const PeerProblem* problem, char* message, int32_t message_size);

// 1 where the kernel reads [n][channels] and writes [n][m]; 0 where it reads [channels][n] and writes [m][n].
PEER int32_t peer_reads_columns(void* kernel);

// One run: everything that depends on the activations. y is float, or int32_t for u8s8. 0, or 1 with a message.
PEER int32_t peer_run(void* kernel, const void* x_rows, const void* x_columns, void* y, char* message, int32_t message_size);

PEER void peer_free(void* kernel);
