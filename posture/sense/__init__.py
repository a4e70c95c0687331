"""Camera and MediaPipe: the only rooms that know cv2 and mediapipe."""
