// Byte helpers of these tests.
